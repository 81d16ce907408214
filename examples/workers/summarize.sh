#!/bin/sh
# A worker for `hopper work`: it gets a task as one JSON object on standard input and says what it found as JSON.
#   hopper work backend-agents -- examples/workers/summarize.sh
# Its own rules: a task without a description cannot be done (exit code 3); the tag "flaky" fails the first attempt.
set -eu

task=$(mktemp)
trap 'rm -f "$task"' EXIT
cat >"$task"

# Reads one field: any language does, Node is there wherever Hopper is.
field() {
  node -e '
    const task = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    const value = task[process.argv[2]] ?? "";
    process.stdout.write(Array.isArray(value) ? value.join(" ") : String(value));
  ' "$task" "$1"
}

description=$(field description)
if [ -z "$description" ]; then
  echo "task $HOPPER_TASK_ID has no description: nothing to sum up" >&2
  exit 3
fi
case " $(field tags) " in
*" flaky "*)
  if [ "$HOPPER_ATTEMPT" -lt 2 ]; then
    echo "the first attempt at a flaky task always fails" >&2
    exit 1
  fi
  ;;
esac

# With `hopper` on the PATH it also says how far it is; whoever looks at the task sees it.
if command -v hopper >/dev/null 2>&1; then
  hopper heartbeat --note "counting words" --percent 50 >/dev/null || exit 1
fi

words=$(printf '%s' "$description" | wc -w)
lines=$(printf '%s\n' "$description" | wc -l)
printf '{"words": %d, "lines": %d, "attempt": %d}\n' "$words" "$lines" "$HOPPER_ATTEMPT"

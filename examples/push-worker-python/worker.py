"""A worker for a push instance: Hopper gives it each task as the activity `executeTask`. docs/workers.md has the rules.

    python worker.py agents

`agents` is the task queue that the instance names; TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE say where Temporal is.
"""

import asyncio
import os
import signal
import sys

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker


@activity.defn(name="executeTask")
async def execute_task(push: dict) -> dict:
    """Counts the words of a task's description. What it returns is the task's result."""
    task, attempt = push["task"], push["attempt"]
    words = (task["description"] or "").split()
    if not words:
        raise ApplicationError("there is nothing to count", non_retryable=True)  # fails for good
    if "flaky" in task["tags"] and attempt == 1:
        raise RuntimeError("not at the first attempt")  # is tried again
    try:
        for word in words:
            activity.heartbeat(word)  # says that it lives, and hears whether the task was cancelled or taken away
            await asyncio.sleep(task["metadata"].get("secondsPerWord", 0))
    except asyncio.CancelledError:
        print(f"cancelled {task['id']}", flush=True)
        raise
    print(f"done {task['id']}", flush=True)
    return {"words": len(words), "attempt": attempt}


async def main(task_queue: str = "agents") -> None:
    address = os.environ.get("TEMPORAL_ADDRESS", "127.0.0.1:7233")
    client = await Client.connect(address, namespace=os.environ.get("TEMPORAL_NAMESPACE", "default"))
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    async with Worker(client, task_queue=task_queue, activities=[execute_task]):
        print(f"works on {task_queue}", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:2]))

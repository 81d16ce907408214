const DISABLING = /^\s*eslint-disable(?:-next-line|-line)?(?=\s|$)/;
const REASON = /\s-{2,}\s+\S/;
const SIZE = /\bmax-lines(?:-per-function)?\b/;
/** `eslint RULE: …` for a whole file needs no reason, so nothing may use it. */
const SETTING = /^\s*eslint\s/;

/** The house's own rules: about the comments that switch a rule off. */
export const house = {
  rules: {
    'disabling-has-a-reason': commentRule(
      'Say why, after two dashes: `eslint-disable-next-line RULE -- reason`.',
      (text) => DISABLING.test(text) && !REASON.test(text),
    ),
    'no-excused-files': commentRule(
      'No file is excused as a whole, and none from the size limits: split it by idea (rule 19).',
      (text) => SETTING.test(text) || (DISABLING.test(text) && (SIZE.test(text) || isForTheFile(text))),
    ),
  },
};

function isForTheFile(text) {
  return /^\s*eslint-disable(?!-)/.test(text);
}

function commentRule(message, isWrong) {
  return {
    meta: { type: 'problem', schema: [] },
    create: (context) => ({
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (isWrong(comment.value)) context.report({ loc: comment.loc, message });
        }
      },
    }),
  };
}

const DIRECTIVE = /^\s*eslint-disable(?:-next-line|-line)?(?=\s|$)/;
const REASON = /\s-{2,}\s+\S/;
const SIZE = /\bmax-lines(?:-per-function)?\b/;

/** The house's own rules: about the comments that switch a rule off. */
export const house = {
  rules: {
    'disabling-has-a-reason': commentRule(
      'Say why, after two dashes: `eslint-disable-next-line RULE -- reason`.',
      (text) => !REASON.test(text),
    ),
    'no-excused-files': commentRule('No file is excused from the size limits: split it by idea (rule 19).', (text) =>
      SIZE.test(text),
    ),
  },
};

function commentRule(message, isWrong) {
  return {
    meta: { type: 'problem', schema: [] },
    create: (context) => ({
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (DIRECTIVE.test(comment.value) && isWrong(comment.value)) context.report({ loc: comment.loc, message });
        }
      },
    }),
  };
}

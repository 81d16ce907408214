/** The hash of the policy in force: that of the last publication that was no refusal (rule Y4). */
export const IN_FORCE_HASH = 'SELECT hash FROM policy_publications WHERE hash IS NOT NULL ORDER BY seq DESC LIMIT 1';

import { openQuestion } from '../commands/question.ts';
import { asideOn, reasoned } from './phrases.ts';
import type { Situation, Stand } from './stand.ts';

/** A person is needed: nobody can take the task, or its worker has a question. */
export function blocked(situation: Situation): Stand {
  return situation.task.blockedOn === 'question' ? asking(situation) : held(situation);
}

function held({ facts, task, title, here, since }: Situation): Stand {
  const reason = facts.moves.at(-1)?.reason ?? null;
  const why = reason === null ? '' : `: ${reasoned(reason)}`;
  const last = facts.decisions.at(-1);
  const isBroken = last?.strategy === 'behavior_failed' && last.reason === reason;
  const mend = isBroken
    ? [`hopper task reroute ${task.id}  # once the behaviour, or the policy that names it, is mended`]
    : [
        'hopper instance start INSTANCE  # or resume, or create: somebody who can take it',
        `hopper task reroute ${task.id}  # decides anew, once somebody can take it or the policy has changed`,
      ];
  const nobody = isBroken ? 'could not be routed' : 'finds nobody who can take it';
  return {
    headline: `${title} ${nobody} and is held at ${here.name} for a person${why}.`,
    waitsFor: {
      what: `${isBroken ? 'a behaviour that works' : 'somebody who can take it'}, or for a person to decide${why}${asideOn(here)}`,
      who: null,
      since,
      until: null,
      how: [
        ...mend,
        `hopper task reroute ${task.id} --to INSTANCE  # hands it over to whom you name`,
        `hopper task cancel ${task.id} --reason WHY`,
      ],
    },
    ended: null,
  };
}

function asking({ task, title, here, since }: Situation): Stand {
  const text = openQuestion(task)?.text;
  const question = text === undefined ? '' : `: ${text}`;
  return {
    headline: `${title} is at ${here.name}, where its worker has a question and waits for the answer${question}.`,
    waitsFor: {
      what: `a person to answer the question of whoever works on it at ${here.name}${asideOn(here)}`,
      who: null,
      since,
      until: null,
      how: [`hopper task answer ${task.id} ANSWER`],
    },
    ended: null,
  };
}

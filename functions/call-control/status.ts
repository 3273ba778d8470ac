import type { CallStatus } from '../../contracts/call-status.ts';
import type { Operation } from './operations.ts';
import type { CallRules, Control } from './state.ts';

/** The backend of the orchestration takes 16 KB of status; half of it leaves room for what others add. */
const mostBytes = 8_000;
const mostShown = 20;

/** What may be shown of a call to those who watch it. */
export function statusOf(state: Control, { direction }: CallRules): CallStatus {
  const { handoffs, ...life } = state.life;
  const { handoff, media, recording } = state;
  const status: CallStatus = {
    ...life,
    v: 1,
    direction,
    media: { state: media.state, since: media.since },
    ...(handoff && {
      handoff: {
        ...{ stage: handoff.stage, mode: handoff.mode, since: handoff.since },
        ...{ asking: Math.min(handoff.target + 1, handoff.targets.length), of: handoff.targets.length },
      },
    }),
    ...(handoffs && {
      handoffs: handoffs.map(({ outcome, asked }) => ({ outcome, asked: asked.map(({ answer }) => answer) })),
    }),
    ...(recording && { recording }),
    operations: state.operations.slice(-mostShown).map(shown),
  };
  return fitting(status);
}

function shown({
  until: _until,
  first: _first,
  after: _after,
  text: _text,
  ...operation
}: Operation): CallStatus['operations'][number] {
  return operation;
}

/** Names chosen by others may be long: the oldest operations give way. */
function fitting(status: CallStatus): CallStatus {
  let { operations } = status;
  while (operations.length > 0 && JSON.stringify({ ...status, operations }).length > mostBytes)
    operations = operations.slice(1);
  return { ...status, operations };
}

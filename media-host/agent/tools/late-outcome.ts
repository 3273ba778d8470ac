import type { History, ToolExchange } from '../history.ts';

/**
 * An effect outlives the reply that began it. Until its end is known the model reads that it is under way, so that it
 * neither promises it nor begins it a second time; then the outcome takes that place.
 */
export const underWay = JSON.stringify({
  status: 'under way',
  meaning:
    'It was begun and will be finished; how it ends follows. Do not call it again, and do not say yet that it is done.',
});

/** The history with the outcome of a call that stood in it as under way; the same where it is gone by now. */
export function outcomeCame(history: History, callId: string, output: string): History {
  const answered = (exchange: ToolExchange) => (exchange.callId === callId ? { ...exchange, output } : exchange);
  return {
    turns: history.turns.map(turn => ({
      ...turn,
      steps: turn.steps.map(step =>
        step.type === 'tools' ? { ...step, exchanges: step.exchanges.map(answered) } : step,
      ),
    })),
  };
}

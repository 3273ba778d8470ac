import type { CallerEvent } from '../emulators/caller/caller.ts';

/**
 * Shows a call as it happens: who speaks, word by word where the terminal can redraw, else a line per utterance; how long
 * each reply took, and where the caller cut in (✂).
 */
export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export interface View {
  show(event: CallerEvent): void;
  /** A line of our own among those of the call. */
  note(text: string): void;
}

type Voice = 'caller' | 'agent';

interface Line {
  voice: Voice;
  atMs: number;
  words: string[];
  /** Which of the agent's utterances it is. */
  utterance?: number;
  replyMs?: number;
}

const colours: Readonly<Record<Voice | 'dim' | 'cut', string>> = {
  caller: '\x1b[36m',
  agent: '\x1b[32m',
  dim: '\x1b[2m',
  cut: '\x1b[33m',
};

export function createView(screen: Screen): View {
  const live = screen.isTTY === true;
  const speaking: Partial<Record<Voice, Line>> = {};
  let drawn = 0;
  let callerSilentAt: number | undefined;
  let replyMs: number | undefined;
  let agentSounds = false;

  const paint = (colour: keyof typeof colours, text: string) => (live ? `${colours[colour]}${text}\x1b[0m` : text);
  const time = (atMs: number) => paint('dim', `${(atMs / 1000).toFixed(1).padStart(6)} s `);
  const render = (line: Line, end = '') => {
    const reply = line.replyMs === undefined ? '' : paint('dim', ` (after ${line.replyMs} ms)`);
    return `${time(line.atMs)} ${paint(line.voice, line.voice.padEnd(6))}  ${line.words.join(' ')}${end}${reply}`;
  };
  const tail = (line: Line): Line => {
    const room = Math.max(20, (screen.columns || 80) - 40);
    let words = line.words;
    while (words.join(' ').length > room && words.length > 1) words = words.slice(1);
    return words === line.words ? line : { ...line, words: ['…', ...words] };
  };
  const draw = (finished?: string) => {
    if (!live) {
      if (finished !== undefined) screen.write(`${finished}\n`);
      return;
    }
    const active = [speaking.agent, speaking.caller].filter(line => line !== undefined);
    const up = drawn > 0 ? `\x1b[${drawn}A\x1b[0J` : '';
    screen.write(
      `${up}${finished === undefined ? '' : `${finished}\n`}${active.map(line => `${render(tail(line))}\n`).join('')}`,
    );
    drawn = active.length;
  };
  const finish = (voice: Voice, end = '') => {
    const line = speaking[voice];
    delete speaking[voice];
    if (line && (line.words.length > 0 || end !== '')) draw(render(line, end));
    else if (line) draw();
  };
  const begin = (line: Line) => {
    finish(line.voice);
    speaking[line.voice] = line;
    draw();
  };

  return {
    note: text => draw(text),
    show: event => {
      const { atMs } = event;
      const note = (text: string) => {
        if (!agentSounds) finish('agent');
        draw(`${time(atMs)} ${text}`);
      };
      switch (event.type) {
        case 'answered':
          return note(`answered after ${atMs} ms`);
        case 'caller-speaks':
          if (!agentSounds) finish('agent');
          return begin({ voice: 'caller', atMs, words: event.text === '' ? ['(no words)'] : [] });
        case 'caller-word':
          speaking.caller?.words.push(event.text);
          return draw();
        case 'caller-silent':
          callerSilentAt = atMs;
          return finish('caller');
        case 'caller-dtmf':
          return note(`caller  keys ${event.tones.replace(/./g, '•')}`);
        case 'agent-silent':
          agentSounds = false;
          return undefined;
        case 'agent-started':
          agentSounds = true;
          replyMs = callerSilentAt === undefined ? undefined : Math.max(0, atMs - callerSilentAt);
          callerSilentAt = undefined;
          return undefined;
        case 'agent-word': {
          if (speaking.agent?.utterance !== event.utterance) {
            const reply = replyMs === undefined ? {} : { replyMs };
            begin({ voice: 'agent', atMs, words: [], utterance: event.utterance, ...reply });
            replyMs = undefined;
          }
          speaking.agent?.words.push(event.text);
          return draw();
        }
        case 'agent-dtmf':
          return note(`agent   key ${event.tone}`);
        case 'stop-audio': {
          const took =
            event.onsetToStopMs === undefined ? '' : ` ${Math.round(event.onsetToStopMs)} ms after the caller began`;
          return finish('agent', paint('cut', ` ✂${took}`));
        }
        case 'failed':
          return note(`the call failed: ${event.reason}`);
        case 'ended':
          finish('caller');
          finish('agent');
          return note(`ended by the ${event.by === 'app' ? 'agent' : event.by}`);
        default:
          return undefined;
      }
    },
  };
}

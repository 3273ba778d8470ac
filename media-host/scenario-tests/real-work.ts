import type { Tool, ToolContext } from '../../agents/tool.ts';
import type { StageClock } from '../testing/stage-clock.ts';

/**
 * Holds a virtual clock while tools do real work, which takes real time: comparing a PIN, reading a file. While a tool
 * waits for its caller, time goes on. One that is still at it after two seconds hangs, and time goes on as well.
 */
export interface RealWork {
  of(tool: Tool): Tool;
  /** Time stands still until this has settled. */
  during<T>(work: () => Promise<T> | T): Promise<T>;
  /** Resolves when nothing is at work. */
  done(): Promise<void>;
}

const longestMs = 2000;

export function createRealWork(): RealWork {
  let busy = 0;
  const idle: (() => void)[] = [];

  const begin = () => {
    let open = true;
    busy++;
    const end = () => {
      if (!open) return;
      open = false;
      clearTimeout(timer);
      busy--;
      if (busy > 0) return;
      for (const go of idle.splice(0)) go();
    };
    const timer = setTimeout(end, longestMs);
    return end;
  };

  const during = async <T>(work: () => Promise<T> | T): Promise<T> => {
    const end = begin();
    try {
      return await work();
    } finally {
      end();
    }
  };

  return {
    during,
    done: async () => {
      while (busy > 0) await new Promise<void>(resolve => idle.push(resolve));
    },
    of: tool => ({
      ...tool,
      run: async (args, context) => {
        let end = begin();
        const waiting = async <T>(wait: () => Promise<T>): Promise<T> => {
          end();
          try {
            return await wait();
          } finally {
            end = begin();
          }
        };
        try {
          return await tool.run(args, waitingIn(context, waiting, during));
        } finally {
          end();
        }
      },
    }),
  };
}

type Wrap = <T>(work: () => Promise<T>) => Promise<T>;

/** The context whose waits for the caller let time go on. */
function waitingIn(context: ToolContext, waiting: Wrap, during: RealWork['during']): ToolContext {
  const { askForPerson, endCall, takeDigits } = context;
  return {
    ...context,
    ...(askForPerson && { askForPerson: ask => waiting(() => askForPerson(ask)) }),
    ...(endCall && { endCall: reason => waiting(() => endCall(reason)) }),
    ...(takeDigits && {
      takeDigits: ask =>
        waiting(() =>
          takeDigits(ask.secret ? { ...ask, check: digits => during(async () => ask.check(digits)) } : ask),
        ),
    }),
  };
}

/** The clock, standing still while there is work. */
export function heldBy({ done }: RealWork, clock: StageClock): StageClock {
  return {
    ...clock,
    pass: async ms => {
      await done();
      await clock.pass(ms);
    },
  };
}

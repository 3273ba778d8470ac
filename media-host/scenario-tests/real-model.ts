import type { FoundTest } from '../../agents/loader/found-tests.ts';
import type { Settings } from '../../contracts/settings.ts';
import { createAzureModel } from '../agent/model/azure-model.ts';
import { pricesOf } from '../agent/model/cost.ts';
import { machineClock } from '../clock.ts';
import { bearerFor, warmIdentity } from '../identity.ts';
import { createRealWork } from './real-work.ts';
import { judged, play, type TestBed, type TestResult } from './run-test.ts';
import { testHouse } from './test-house.ts';
import { type TextCallParts, textCall } from './text-call.ts';

/** Runs tests against the model of the settings, in text and in the machine's own time; what they have the model answer is left out. */
export type ModelSettings = Pick<
  Settings,
  | 'AZURE_OPENAI_ENDPOINT'
  | 'AZURE_OPENAI_API_KEY'
  | 'AZURE_CLIENT_ID'
  | 'AZURE_COGNITIVE_SERVICES_SCOPE'
  | 'LLM_MODEL'
  | 'LLM_FALLBACK_MODEL'
  | 'LLM_API'
  | 'LLM_PRICES'
  | 'LOG_LEVEL'
>;

export type RealModel = Pick<TextCallParts, 'model' | 'defaultModel' | 'fallbackModel' | 'prices'>;

/** Undefined where the settings point at no model. */
export async function realModel(settings: ModelSettings): Promise<RealModel | undefined> {
  const {
    AZURE_OPENAI_ENDPOINT: endpoint,
    AZURE_OPENAI_API_KEY: key,
    AZURE_COGNITIVE_SERVICES_SCOPE: scope,
  } = settings;
  if (endpoint === undefined) return undefined;
  const keyless = key === undefined;
  await warmIdentity(settings, keyless ? [scope] : []);
  return {
    model: createAzureModel({
      endpoint,
      key,
      token: keyless ? bearerFor(settings.AZURE_CLIENT_ID, scope) : undefined,
      api: settings.LLM_API,
    }),
    defaultModel: settings.LLM_MODEL,
    fallbackModel: settings.LLM_FALLBACK_MODEL,
    prices: pricesOf(settings.LLM_PRICES),
  };
}

const patienceMs = 60_000;

export async function runRealTest(
  { folder, agents }: TestBed,
  found: FoundTest,
  model: RealModel,
): Promise<TestResult> {
  const startedMs = performance.now();
  const { now } = machineClock;
  const house = await testHouse({ folder, agents, test: found.test, work: createRealWork(), now });
  let wake: () => void = () => undefined;
  const until: TextCallParts['until'] = async (what, isSo) => {
    let late = false;
    const forget = machineClock.after(patienceMs, () => {
      late = true;
      wake();
    });
    while (!isSo()) {
      if (late) throw new Error(`within ${patienceMs} ms: no ${what}`);
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
    forget();
  };
  const call = textCall({ house, ...machineClock, ...model, until, moved: () => wake() });
  const played = await play(call, found.test);
  return { ...judged(found, played, 'real'), wallMs: performance.now() - startedMs };
}

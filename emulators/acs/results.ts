/** Result codes and sentences of callbacks; spelling errors are the service's own. */
import type { ResultInformation } from './cloud-event.ts';
import type { Outcome } from './faults.ts';

const result = (code: number, subCode: number, message: string): ResultInformation => ({ code, subCode, message });

export const ok = result(200, 0, '');
export const completed = result(200, 0, 'Action completed successfully.');
export const cancelled = result(400, 8508, 'Action falied, the operation was cancelled.');
export const endedByApp = result(
  200,
  7000,
  'Call was ended by Azure Communication Service Call Automation API or a server bot. DiagCode: 0#7000.@',
);
export const conversationEnded = result(200, 7000, 'The conversation has ended. DiagCode: 0#7000.@');
export const endedByPstnCaller = result(200, 540000, 'Call ended successfully by local PSTN caller.');
export const legRemoved = result(200, 5300, 'The conversation has ended. DiagCode: 0#5300.@');
export const lastOneLeft = result(200, 5002, 'The conversation has ended. DiagCode: 0#5002.@');
export const notThere = result(404, 8522, 'Participant not found.');
export const tooLate = result(400, 8585, 'Action failed, the invitation is no longer pending.');
export const endedByService = result(500, 9001, 'The call was dropped by an upstream service. DiagCode: 500#9001.@');
export const transferDone = result(200, 7015, 'The transfer operation completed successfully.');
export const badFile = result(400, 8535, 'Action failed, file format is invalid.');
export const noFile = result(400, 8536, 'Action failed, file could not be downloaded.');
export const noCognitiveServices = result(
  400,
  8565,
  'Action failed, bad request to Azure AI services. Check input parameters.',
);
export const initialSilence = result(400, 8510, 'Action failed, initial silence timeout reached.');
export const interTone = result(400, 8532, 'Action failed, inter-digit silence timeout reached.');
export const wrongTone = result(400, 8534, 'Action failed, incorrect tone entered.');
export const maxTones = result(200, 8531, 'Action completed, max digits received.');
export const stopTone = result(200, 8514, 'Action completed as stop tone was detected.');
export const toneMatched = result(200, 8533, 'Action completed, DTMF option matched.');
export const phraseMatched = result(200, 8545, 'Action completed, Recognized phrase matches a valid option.');
export const phraseUnmatched = result(400, 8547, 'Action failed, recognized phrase does not match a valid option.');
export const speechRecognized = result(200, 8569, 'Action completed, speech recognized.');
export const transportInvalid = result(
  400,
  8581,
  'Action failed, Transport url is not valid or web socket server is not operational.',
);
export const noWebSocket = result(500, 8603, 'Action failed, not able to establish websocket connection.');
export const answerFailed = result(408, 8587, 'The incoming call was not answered in time.');
export const toneReceived = result(200, 0, 'DTMF tone received successfully.');

/** What the app is told when a person could not be reached. */
export function unreached(outcome: Exclude<Outcome, 'answer'>): ResultInformation {
  switch (outcome) {
    case 'decline':
      return result(603, 8538, 'The callee declined the call.');
    case 'busy':
      return result(486, 8539, 'The callee is busy.');
    case 'unavailable':
      return result(480, 8541, 'The callee is temporarily unavailable.');
    case 'unreachable':
      return result(404, 8544, 'The callee could not be reached.');
    case 'no-answer':
      return result(408, 8541, 'The callee did not answer in time.');
  }
}

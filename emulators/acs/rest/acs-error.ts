/** An answer of the service that is not a success. `code` is its numeric sub-code, on the wire a string. */
export class AcsError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  get body(): object {
    return { error: { code: this.code, message: this.message } };
  }
}

export const callNotFound = () => new AcsError(404, '8522', 'Call not found.');
export const participantNotFound = () => new AcsError(404, '8522', 'Participant not found.');
export const invalidArgument = (what: string) => new AcsError(400, '8523', `Invalid argument: ${what}`);
export const notEstablished = () => new AcsError(400, '8501', 'The call is not established.');
export const wrongState = (what: string) => new AcsError(400, '8585', `Action is not allowed in this state: ${what}`);
export const notConfigured = (what: string) =>
  new AcsError(405, '8522', `Missing configuration that had to be given when the call was answered: ${what}`);

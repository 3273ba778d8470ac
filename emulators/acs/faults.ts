/**
 * Every knob of the stand-in: timings that laptops want short, orders the real service leaves open, and faults.
 * One flat object, so that a test, an option and `PUT /emulator/faults` all speak the same words.
 */

/** What happens to a number or identity that nobody registered a phone for. */
export type Outcome = 'answer' | 'no-answer' | 'busy' | 'decline' | 'unavailable' | 'unreachable';

/** How a JWT on its way to the app is spoiled. */
export type TokenFault =
  | 'none'
  | 'expired'
  | 'wrong-audience'
  | 'wrong-issuer'
  | 'unsigned'
  | 'foreign-key'
  | 'missing';

/** What happens when the app closes the media socket, or the network does. */
export type ServerClosePolicy = 'stop' | 'failEvent' | { reconnect: number; delayMs: number };

export interface AcsFaults {
  // REST
  /** The next n REST requests are answered 429. */
  throttleNext: number;
  /** `Retry-After` of those 429s in seconds; null sends none, and then the SDK does not retry. */
  throttleRetryAfterS: number | null;
  /** The next n REST requests are answered `failStatus` without being carried out. */
  failNext: number;
  /** Status of `failNext` and `loseReplyNext`. */
  failStatus: number;
  /** The next n REST requests are carried out, but answered `failStatus`: what repeatability is for. */
  loseReplyNext: number;
  /** The next n REST requests lose their connection before an answer. */
  resetNext: number;
  /** Every REST answer waits this long, ms. */
  slowMs: number;
  /** Faults above touch only request paths containing this text; empty is all. */
  faultPath: string;
  /** Refuse requests whose HMAC does not verify. */
  verifyHmac: boolean;
  /** What a second answer, reject or redirect of the same context is told. */
  usedContext: '404/8522' | '400/8523';
  /** The next n answers are accepted and then fail with `AnswerFailed`. */
  answerFailsNext: number;
  /** `missing` lets every text, SSML and speech operation fail with 8565. */
  cognitiveServices: 'as-configured' | 'missing';

  // Ringing and reaching people
  /** An unanswered inbound call is dropped after this long, ms. */
  ringTimeoutMs: number;
  /** An unanswered outbound call fails after this long, ms. */
  outboundRingMs: number;
  /** An unanswered transfer fails after this long, ms. */
  transferTimeoutMs: number;
  /** What unregistered numbers do when called, added or transferred to. */
  outcome: Outcome;
  /** Exceptions to `outcome`, by number or raw id. */
  outcomes: Record<string, Outcome>;
  /** How long an unregistered number rings before its outcome, ms. */
  outcomeAfterMs: number;
  /** Numbers and identities of this resource: calling or redirecting to one raises a new IncomingCall. */
  ownedIds: string[];

  // Order
  /** From the answer to `CallConnected`, ms. */
  connectDelayMs: number;
  /** When the media socket is dialled. */
  mediaDial: 'before-connected' | 'after-connected';
  /** Order of `CallConnected` and `ParticipantsUpdated`. */
  connectOrder: 'random' | 'connected-first' | 'participants-first';
  /** Order of the media socket's close and `CallDisconnected`. */
  hangUpOrder: 'random' | 'socket-first' | 'event-first';
  /** Order of `CallTransferAccepted` and `CallDisconnected`. */
  transferOrder: 'accepted-first' | 'disconnected-first';

  // Callbacks
  /** Each callback waits a random time up to this, ms; the service shows up to 700. */
  callbackJitterMs: number;
  /** Each callback waits this long besides, ms. */
  callbackDelayMs: number;
  /** How many times each callback is posted again, with the same event id. */
  callbackDuplicates: number;
  /** Swap neighbouring callbacks of a call. */
  callbackReorder: boolean;
  /** Names of events that are never posted. */
  callbackDrop: string[];
  /** How often a callback that was not answered 2xx is tried again. The service's own policy is not known. */
  callbackRetries: number;
  /** Pause before such a retry, ms. */
  callbackRetryMs: number;
  /** A callback is given up when unanswered this long, ms. */
  callbackTimeoutMs: number;
  /** Spoils the JWT of callbacks. */
  callbackToken: TokenFault;

  // Event Grid
  /** Factor on the retry schedule (10 s, 30 s, 1 min, ...) and on the time to live. */
  gridScale: number;
  /** Time to live of an undelivered event before scaling, ms. */
  gridTtlMs: number;
  /** Most delivery attempts of one event. */
  gridAttempts: number;
  /** A delivery unanswered this long counts as failed, ms. */
  gridTimeoutMs: number;
  /** How many times each event is delivered again although it was accepted. */
  gridDuplicates: number;
  /** How long a handshake without echo waits for the validation URL to be fetched, ms. */
  gridManualMs: number;

  // Media
  /** Spoils the JWT of the media upgrade. */
  mediaToken: TokenFault;
  /** The next n dials of the media socket fail without reaching the app. */
  mediaDialFailNext: number;
  /** An upgrade unanswered this long is given up, ms. */
  mediaDialTimeoutMs: number;
  /** Cut the media socket this long after it opened, ms; null never does. */
  mediaDropAtMs: number | null;
  /** How it is cut: an abrupt TCP end or a clean close. */
  mediaDropHow: 'reset' | 'close';
  /** From this age the socket stays open but carries nothing either way, ms; null never does. */
  mediaHalfOpenAtMs: number | null;
  /** Hold this many frames back and send them at once; 0 sends each on time. */
  mediaBurstFrames: number;
  /** What follows when the app's side closes the media socket. */
  onServerClose: ServerClosePolicy;
  /** Whether `startMediaStreaming` may follow a stopped or failed stream. */
  restartAllowed: boolean;
  /** Most unplayed audio of the app that is kept, ms; what exceeds it is dropped and counted. Null keeps all. */
  queueCapMs: number | null;

  // Mid-call operations
  /** How long a played text, SSML or unreachable file lasts, ms. */
  playMs: number;
  /** How long each sent DTMF tone lasts, ms. */
  dtmfToneMs: number;
  /** Factor on the silence and inter-tone timeouts of recognize. */
  recognizeScale: number;

  // Inspection
  /** Most audio kept per call and ear for the recording route, ms; 0 keeps none. */
  recordMs: number;
  /** Ended calls kept for inspection. */
  keepEnded: number;
}

/** A laptop's settings: quick, orderly enough to watch, and no faults. */
export function defaultFaults(): AcsFaults {
  return {
    throttleNext: 0,
    throttleRetryAfterS: 1,
    failNext: 0,
    failStatus: 503,
    loseReplyNext: 0,
    resetNext: 0,
    slowMs: 0,
    faultPath: '',
    verifyHmac: true,
    usedContext: '404/8522',
    answerFailsNext: 0,
    cognitiveServices: 'as-configured',
    ringTimeoutMs: 30_000,
    outboundRingMs: 115_000,
    transferTimeoutMs: 60_000,
    outcome: 'answer',
    outcomes: {},
    outcomeAfterMs: 30,
    ownedIds: [],
    connectDelayMs: 10,
    mediaDial: 'before-connected',
    connectOrder: 'random',
    hangUpOrder: 'random',
    transferOrder: 'accepted-first',
    callbackJitterMs: 30,
    callbackDelayMs: 0,
    callbackDuplicates: 0,
    callbackReorder: false,
    callbackDrop: [],
    callbackRetries: 0,
    callbackRetryMs: 1_000,
    callbackTimeoutMs: 10_000,
    callbackToken: 'none',
    gridScale: 1,
    gridTtlMs: 60_000,
    gridAttempts: 30,
    gridTimeoutMs: 30_000,
    gridDuplicates: 0,
    gridManualMs: 2_000,
    mediaToken: 'none',
    mediaDialFailNext: 0,
    mediaDialTimeoutMs: 5_000,
    mediaDropAtMs: null,
    mediaDropHow: 'reset',
    mediaHalfOpenAtMs: null,
    mediaBurstFrames: 0,
    onServerClose: 'stop',
    restartAllowed: true,
    queueCapMs: null,
    playMs: 300,
    dtmfToneMs: 20,
    recognizeScale: 1,
    recordMs: 600_000,
    keepEnded: 500,
  };
}

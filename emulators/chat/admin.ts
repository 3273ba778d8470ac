/** The routes under `/emulator/`: look at what was asked, change the script, order faults. They need no key. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from './faults.ts';
import { readJson, readText, sendJson } from './http.ts';
import type { RequestRecord } from './request-log.ts';
import { ScriptError } from './script.ts';

export type AdminDesk = {
  requests: () => readonly RequestRecord[];
  script: () => string;
  setScript: (yaml: string) => void;
  faults: () => Faults;
  setFaults: (faults: unknown) => void;
  reset: () => void;
};

/** Answers an admin request; false when there is no such route. */
export async function serveAdmin(desk: AdminDesk, req: IncomingMessage, res: ServerResponse, path: string) {
  switch (`${req.method} ${path}`) {
    case 'GET /emulator/requests':
      sendJson(res, 200, { requests: desk.requests() });
      return true;
    case 'GET /emulator/script':
      res.writeHead(200, { 'content-type': 'application/yaml; charset=utf-8' }).end(desk.script());
      return true;
    case 'PUT /emulator/script':
      await change(res, async () => desk.setScript(await readText(req)));
      return true;
    case 'GET /emulator/faults':
      sendJson(res, 200, desk.faults());
      return true;
    case 'PUT /emulator/faults':
      await change(res, async () => desk.setFaults(await readJson(req)));
      return true;
    case 'POST /emulator/reset':
      desk.reset();
      res.writeHead(204).end();
      return true;
    default:
      return false;
  }
}

async function change(res: ServerResponse, make: () => Promise<void>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return sendJson(res, 400, { error: { message: error.message } });
  }
  res.writeHead(204).end();
}

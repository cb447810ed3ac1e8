import type { IncomingMessage, ServerResponse } from 'node:http';
import { SlackError } from '../errors.ts';
import { handleWebApi, type WebApi } from '../web-api/handle.ts';
import { answerResponseUrl } from '../web-api/respond.ts';
import { receiveUpload, sendFile } from './files.ts';
import { checkSameOrigin, setSecurityHeaders } from './guard.ts';
import { handleLocalApi, type LocalApi } from './local-api.ts';
import { HttpRefusal, readJsonBody, sendJson } from './requests.ts';
import { serveStatic } from './static.ts';

export type Routes = {
  readonly webApi: WebApi;
  readonly localApi: LocalApi;
  /** The built page; null when only the API is served. */
  readonly pageDir: string | null;
};

/** Answers one request. Never rejects: what goes wrong becomes a status. */
export async function route(
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    setSecurityHeaders(response);
    checkSameOrigin(request);
    await dispatch(routes, request, response);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else if (error instanceof HttpRefusal)
      sendJson(response, error.status, { ok: false, error: error.message });
    else if (error instanceof SlackError)
      sendJson(response, 200, { ok: false, error: error.code, ...error.detail });
    else sendJson(response, 500, { ok: false, error: 'internal_error', detail: String(error) });
  }
}

async function dispatch(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { webApi, localApi, pageDir } = routes;
  const { workspace } = webApi;
  const path = new URL(request.url ?? '/', 'http://local').pathname;
  const isOfApp = ['/api/', '/upload/', '/response/'].some((prefix) => path.startsWith(prefix));
  if (isOfApp && webApi.faults.isDown()) {
    const method = path.slice(1).replace(/^api\//, '');
    webApi.calls.addUnread({ method, at: workspace.clock.now() });
    request.socket.destroy();
    return;
  }
  if (path.startsWith('/api/')) await handleWebApi(webApi, request, response);
  else if (path.startsWith('/upload/')) await receiveUpload(workspace, request, response);
  else if (path.startsWith('/files/')) await sendFile(workspace, request, response);
  else if (path.startsWith('/response/')) {
    answerResponseUrl(workspace, workspace.responseUrls.use(path), await readJsonBody(request));
    sendJson(response, 200, { ok: true });
  } else if (path.startsWith('/local/api/')) await handleLocalApi(localApi, request, response);
  else if (pageDir) await serveStatic(pageDir, request, response);
  else throw new HttpRefusal('not found', { status: 404 });
}

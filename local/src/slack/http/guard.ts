import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpRefusal } from './requests.ts';

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Any web page that a person has open can send requests to a loopback port, so: the Host must be loopback (a
 * rebound DNS name is not), and an Origin, which browsers add to what another site sends, must be our own.
 * Throws HttpRefusal 403.
 */
export function checkSameOrigin(request: IncomingMessage): void {
  const host = request.headers.host ?? '';
  if (!LOOPBACK.test(host)) throw new HttpRefusal('this host name is not served', { status: 403 });
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`)
    throw new HttpRefusal('foreign origin', { status: 403 });
}

/** Headers of everything that a browser may show. */
export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader(
    'content-security-policy',
    [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: https:",
      "font-src 'self'",
      "connect-src 'self'",
      "manifest-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  );
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
}

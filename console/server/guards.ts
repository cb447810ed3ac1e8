import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { MemberCookie } from './member-cookie.ts';

const PUBLIC_PATHS: ReadonlySet<string> = new Set(['/sign-in', '/sign-in.data']);
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Sets the headers of every response and the nonce of this one's inline scripts. */
export function secureHeaders(): RequestHandler {
  return (_request, response, next) => {
    const nonce = randomBytes(16).toString('base64');
    response.locals['nonce'] = nonce;
    response.set({
      'content-security-policy': contentPolicy(nonce),
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    next();
  };
}

function contentPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    // The component library sets style attributes, which no nonce can cover.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Lets a request change something only when it comes from a page of our own. */
export function sameOrigin(publicUrl: string | undefined): RequestHandler {
  const publicHost = publicUrl === undefined ? null : new URL(publicUrl).host;
  return (request, response, next) => {
    if (SAFE_METHODS.has(request.method)) return next();
    const host = originHost(request);
    if (host !== null && (host === request.get('host') || host === publicHost)) return next();
    response.status(403).type('text/plain').send('This request does not come from the console.');
  };
}

function originHost(request: Request): string | null {
  const origin = request.get('origin');
  return origin !== undefined && URL.canParse(origin) ? new URL(origin).host : null;
}

/** Lets in who has signed in; everyone else only gets to the sign-in page. */
export function membersOnly(cookie: MemberCookie): RequestHandler {
  return (request, response, next) => {
    cookie.read(request.get('cookie')).then((member) => {
      response.locals['member'] = member;
      if (member || PUBLIC_PATHS.has(request.path)) next();
      else turnAway(request, response);
    }, next);
  };
}

function turnAway(request: Request, response: Response): void {
  const wantsPage = request.method === 'GET' && (request.get('accept') ?? '').includes('text/html');
  if (wantsPage) response.redirect(302, '/sign-in');
  else response.status(401).type('text/plain').send('Sign in first.');
}

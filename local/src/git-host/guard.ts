import type { MiddlewareHandler } from 'hono';

const safeMethods = new Set(['GET', 'HEAD']);

/**
 * Keeps other web sites out. The pages have no password, because only this machine reaches them; a foreign page in
 * the same browser, or a name that was pointed at 127.0.0.1, must not be able to use that.
 */
export function refuseForeign(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    const hosts = [`127.0.0.1:${port()}`, `localhost:${port()}`];
    const host = context.req.header('host') ?? '';
    if (!hosts.includes(host)) return context.text('This host answers on 127.0.0.1 only.\n', 421);
    const origin = context.req.header('origin');
    if (origin !== undefined && origin !== `http://${host}`) return context.text('Foreign origin.\n', 403);
    return next();
  };
}

/** For forms: a browser that acts for a person says where the form came from, and it has to be here. */
export const requireOwnForm: MiddlewareHandler = async (context, next) => {
  const isSafe = safeMethods.has(context.req.method);
  if (!isSafe && context.req.header('origin') === undefined) return context.text('No origin.\n', 403);
  return next();
};

/** The headers of every page: no foreign script, style, frame or form target. */
export function pageHeaders(imageOrigins: readonly string[]): MiddlewareHandler {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    ["img-src 'self' data:", ...imageOrigins].join(' '),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return async (context, next) => {
    await next();
    if (!context.res.headers.has('content-security-policy'))
      context.header('Content-Security-Policy', policy);
    context.header('X-Content-Type-Options', 'nosniff');
    // Not `no-referrer`: with that, a browser sends `Origin: null` with our own forms.
    context.header('Referrer-Policy', 'same-origin');
    context.header('Cross-Origin-Opener-Policy', 'same-origin');
    context.header('Cross-Origin-Resource-Policy', 'same-site');
  };
}

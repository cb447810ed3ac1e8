import type { LoaderFunctionArgs } from '@remix-run/node';
import { artifactIdOf, notFound } from '../server/params.server.ts';

/** Pictures that cannot run anything. An SVG can, so it is not one of them. */
const PICTURES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** What a run has left. An agent has made it, so nothing in it may act in the console's name. */
export async function loader({ params, context: { deckhand } }: LoaderFunctionArgs) {
  const artifact = await deckhand.artifact(artifactIdOf(params));
  if (!artifact) throw notFound();
  const { name, mime } = artifact.meta;
  const shown = PICTURES.has(mime) ? mime : textType(mime);
  return new Response(new Uint8Array(artifact.bytes), {
    headers: {
      'content-type': shown ?? 'application/octet-stream',
      'content-disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name)}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=31536000, immutable',
    },
  });
}

/** Text of every kind is shown as it is written: HTML as its source. */
function textType(mime: string): string | null {
  return mime.startsWith('text/') || mime === 'application/json' ? 'text/plain; charset=utf-8' : null;
}

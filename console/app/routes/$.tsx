import { notFound } from '../server/params.server.ts';

/** Every address that leads nowhere. */
export function loader(): never {
  throw notFound();
}

export default function NoSuchPage() {
  return null;
}

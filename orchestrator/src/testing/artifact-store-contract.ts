import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ArtifactStore } from '../ports.ts';

export type ArtifactsUnderTest = { readonly artifacts: ArtifactStore; close(): Promise<void> };

const PATCH = {
  artifactId: 'art_01K0ART0000000000000000001',
  sessionId: 'ses_A',
  name: '../../change ü.patch',
  mime: 'text/x-diff',
} as const;

/** What every store of artifacts does. `makeStore` gives an empty one each time. */
export function describeArtifactStoreContract(
  name: string,
  makeStore: () => Promise<ArtifactsUnderTest>,
): void {
  describe(`the artifact store on ${name}`, () => {
    let given: ArtifactsUnderTest;
    beforeEach(async () => {
      given = await makeStore();
    });
    afterEach(() => given.close());

    it('gives back the bytes that were put in, and what they are', async () => {
      const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
      expect(await given.artifacts.put(PATCH, bytes)).toEqual({ ...PATCH, size: 100_000 });
      const kept = await given.artifacts.get(PATCH.artifactId);
      expect(kept?.meta).toEqual({ ...PATCH, size: 100_000 });
      expect(Buffer.compare(kept?.bytes ?? new Uint8Array(), bytes)).toBe(0);
    });

    it('keeps an empty one', async () => {
      await given.artifacts.put(PATCH, new Uint8Array());
      expect((await given.artifacts.get(PATCH.artifactId))?.bytes).toHaveLength(0);
    });

    it('keeps the first bytes of an id', async () => {
      await given.artifacts.put(PATCH, Buffer.from('first'));
      expect(await given.artifacts.put(PATCH, Buffer.from('again'))).toEqual({ ...PATCH, size: 5 });
      await Promise.all(['a', 'b', 'c'].map((text) => given.artifacts.put(PATCH, Buffer.from(text))));
      const kept = await given.artifacts.get(PATCH.artifactId);
      expect(Buffer.from(kept?.bytes ?? []).toString()).toBe('first');
    });

    it('knows nothing of an id that was never put, nor of what is no id', async () => {
      expect(await given.artifacts.get('art_none')).toBeNull();
      expect(await given.artifacts.get('art_../../etc/passwd')).toBeNull();
    });

    it('refuses more than 20 MB and ids that are no ids', async () => {
      await expect(given.artifacts.put(PATCH, new Uint8Array(20_000_001))).rejects.toThrow(RangeError);
      await expect(
        given.artifacts.put({ ...PATCH, artifactId: 'art_../x' }, new Uint8Array()),
      ).rejects.toThrow();
      expect(await given.artifacts.get(PATCH.artifactId)).toBeNull();
    });
  });
}

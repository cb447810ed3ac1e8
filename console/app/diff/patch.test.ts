import { describe, expect, it } from 'vitest';
import { PATCH } from '../../testing/scene-texts.ts';
import { changedFiles } from './patch.ts';

describe('a patch', () => {
  it('of git gives its files with their numbers', () => {
    expect(changedFiles(PATCH)).toMatchObject([
      { path: 'src/cart/total.ts', status: 'modified', additions: 8, deletions: 3 },
      { path: 'src/cart/total.test.ts', status: 'added', additions: 11, deletions: 0 },
    ]);
  });

  it('of an edit tool is read too', () => {
    const diff = `Index: /workspace/a b.ts
===================================================================
--- /workspace/a b.ts\tbefore
+++ /workspace/a b.ts\tafter
@@ -1,2 +1,2 @@
-old
+new
 same
`;
    const [file] = changedFiles(diff);
    expect(file).toMatchObject({ status: 'modified', additions: 1, deletions: 1 });
    expect(file?.path.replace('\u00a0', ' ')).toBe('workspace/a b.ts');
  });

  it('that is none has no files', () => {
    expect(changedFiles('@@ what @@')).toEqual([]);
  });

  it('that is empty has no files', () => {
    expect(changedFiles('\n')).toEqual([]);
  });

  it('with a binary file says so', () => {
    const binary = `diff --git a/logo.png b/logo.png
new file mode 100644
index 0000000..5f0c1b2
Binary files /dev/null and b/logo.png differ
`;
    expect(changedFiles(binary)).toMatchObject([
      { path: 'logo.png', status: 'added', data: { isBinary: true } },
    ]);
  });
});

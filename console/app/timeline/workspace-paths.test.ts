import { describe, expect, it } from 'vitest';
import { relativeToWorkspace } from './workspace-paths.ts';

const WORKSPACE = '/home/ana/.deckhand/sandboxes/sbx_76e833faae72e1f61c75/workspace';

describe('a text of a tool', () => {
  it.each([
    [`{"filePath":"${WORKSPACE}/src/cart.js"}`, '{"filePath":"src/cart.js"}'],
    [`<path>${WORKSPACE}/src/cart.js</path>`, '<path>src/cart.js</path>'],
    [`${WORKSPACE}/a.ts:4 and (${WORKSPACE}/b.ts)`, 'a.ts:4 and (b.ts)'],
    [`${WORKSPACE}/.env`, '.env'],
    [`cd ${WORKSPACE} && ls`, 'cd . && ls'],
    [`cd "${WORKSPACE}/"`, 'cd "./"'],
    [`at file://${WORKSPACE}/test/cart.test.js:10:3`, 'at file://test/cart.test.js:10:3'],
  ])('%s is shown as %s', (text, shown) => {
    expect(relativeToWorkspace(text)).toBe(shown);
  });

  it.each(['/etc/passwd', '/home/ana/workspace/x', `${WORKSPACE}-copy/x`, 'sbx_1/workspace'])(
    '%s is left as it is',
    (text) => {
      expect(relativeToWorkspace(text)).toBe(text);
    },
  );
});

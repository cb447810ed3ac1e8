import type { Collection } from 'mongodb';
import { describe, expectTypeOf, it } from 'vitest';
import type { Doc, Documents } from '../platform/documents.ts';

type Example = Doc & {
  readonly text: string;
  readonly count?: number;
  readonly nested: { readonly flag: boolean; readonly list: readonly string[] } | null;
};

describe("the mongodb driver's Collection", () => {
  it('is what our stores take, as it is', () => {
    expectTypeOf<Collection<Example>>().toExtend<Documents<Example>>();
  });
});

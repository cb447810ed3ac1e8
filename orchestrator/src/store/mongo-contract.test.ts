import { describe, expect, it } from 'vitest';
import { describeDocumentsContract } from '../testing/documents-contract.ts';
import { openScratchMongo } from '../testing/mongo-database.ts';

const url = process.env['MONGODB_URL'];

if (url) {
  describeDocumentsContract('MongoDB', () => openScratchMongo(url));
} else {
  process.stdout.write(
    'documents contract: ran on SQLite only; MongoDB was not run, MONGODB_URL is not set\n',
  );
  describe('the documents contract on MongoDB', () => {
    it('is not run without MONGODB_URL', () => expect(url).toBeUndefined());
  });
}

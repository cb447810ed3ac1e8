import { createServer } from 'node:http';
import { env, stdout } from 'node:process';
import { cartPage } from './page.js';
import { findProduct } from './products.js';

const { PORT = '3000' } = env;

const cart = [
  { ...findProduct('postcard'), quantity: 12 },
  { ...findProduct('notebook'), quantity: 2 },
  { ...findProduct('pencil'), quantity: 1 },
];

const server = createServer((request, response) => {
  if (request.url !== '/') {
    response.writeHead(404).end('Not found');
    return;
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(cartPage(cart));
});

server.listen(Number(PORT), '127.0.0.1', () => {
  stdout.write(`Acme Shop is on http://127.0.0.1:${server.address().port}\n`);
});

/** What the shop sells. Prices are in cents. */
export const products = [
  { id: 'postcard', name: 'Postcard', price: 95 },
  { id: 'notebook', name: 'Notebook A5', price: 690 },
  { id: 'pencil', name: 'Pencil, set of three', price: 420 },
];

/** The product with this id. Throws when the shop does not sell it. */
export function findProduct(id) {
  const product = products.find((candidate) => candidate.id === id);
  if (!product) throw new Error(`The shop does not sell "${id}"`);
  return product;
}

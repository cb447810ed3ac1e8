/** The failure of the endpoint itself that a request asks for with the words “with a broken model”. */
export function brokenModel(request: string): { refuse: number; message: string } | null {
  if (!/\bwith an? (broken|failing) model\b/i.test(request)) return null;
  // OpenCode tries again for more than a minute on a 5xx and gives up at once on a 401: the quick one by default.
  return /\b50\d\b/.test(request)
    ? { refuse: 500, message: 'The demo model was asked to fail with a server error.' }
    : { refuse: 401, message: 'The demo model was asked to refuse its key.' };
}

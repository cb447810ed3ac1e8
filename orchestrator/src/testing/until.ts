/** How long a test waits for what should happen, in milliseconds: far more than it takes on a slow machine. */
const PATIENCE_MS = 10_000;

/** Resolves when the condition holds. Throws with its name when it does not come to hold. */
export async function until(condition: () => boolean | Promise<boolean>, name: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`never happened: ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

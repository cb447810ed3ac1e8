import { finish, type Scene } from '../scene.ts';

/** Says what the demo model is, what it can do, and how to put a real model in its place. */
export function explainDemo(scenes: readonly Scene[]): Scene {
  const examples = scenes.map((scene) => `- ${scene.example}`).join('\n');
  const text = `I am the scripted demo model: I really run commands and edit files, but I only know a few requests, and yours is not one of them. Nothing has been changed. You can ask me:

${examples}
- anything, followed by “with a broken model”, to see a run fail

For any other request, connect a real model: set \`ANTHROPIC_API_KEY\`, \`OPENAI_API_KEY\` or \`OPENROUTER_API_KEY\`, or \`MODEL_BASE_URL\` for any OpenAI-compatible endpoint, and start Deckhand again.`;
  return { example: 'help', matches: () => true, next: () => finish(text) };
}

import { useEffect, useState } from 'react';
import type { PostMessage, SlackFile } from '../../page-api.ts';
import { useView, useWorkspace } from '../store/hooks.ts';
import { sentence } from '../store/message-actions.ts';
import { placeOf } from '../store/state.ts';
import { compose } from '../text/compose.ts';
import { useDirectory } from '../timeline/directory.ts';

/** A file that is being added to a message. */
export type Attached = {
  readonly key: string;
  readonly name: string;
  readonly file: SlackFile | null;
  readonly error: string | null;
};

// What was typed and not sent, by place, so that looking elsewhere does not lose it. Lives as long as the page.
const drafts = new Map<string, string>();

/** The state of one composer: what is typed and attached, and sending it. */
export function useComposer({ channel, threadTs }: { channel: string; threadTs: string | null }) {
  const workspace = useWorkspace();
  const me = useView((state) => state.me);
  const commands = useView((state) => state.workspace?.app.commands);
  const directory = useDirectory();
  const draftKey = `${me} ${placeOf(channel, threadTs)}`;
  const [text, setText] = useState(() => drafts.get(draftKey) ?? '');
  const [files, setFiles] = useState<readonly Attached[]>([]);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    drafts.set(draftKey, text);
  }, [draftKey, text]);

  const attach = (added: readonly File[]) => {
    for (const file of added) void attachOne(file);
  };

  async function attachOne(file: File): Promise<void> {
    const key = crypto.randomUUID();
    setFiles((known) => [...known, { key, name: file.name, file: null, error: null }]);
    const result = await workspace.upload(file).then(
      (stored) => ({ file: stored, error: null }),
      (reason: unknown) => ({ file: null, error: sentence(reason) }),
    );
    setFiles((known) => known.map((one) => (one.key === key ? { ...one, ...result } : one)));
  }

  const detach = (key: string) => setFiles((known) => known.filter((one) => one.key !== key));
  const stored = files.flatMap((one) => (one.file ? [one.file.id] : []));
  const isUploading = files.some((one) => one.file === null && one.error === null);
  const canSend = !isUploading && (text.trim() !== '' || stored.length > 0);

  async function run(command: string): Promise<void> {
    const name = command.split(/\s/)[0] ?? '';
    if (!commands?.some((one) => one.command === name)) {
      setError(`${name} is not a command here. Put a space first to send it as a message.`);
      return;
    }
    setText('');
    const warning = await workspace.command(channel, command);
    setError(warning);
    if (warning !== null) setText((now) => (now === '' ? command : now));
  }

  function send(): void {
    if (!canSend) return;
    setError(null);
    if (/^\/\S/.test(text) && stored.length === 0) {
      void run(text.trim());
      return;
    }
    const body: PostMessage = {
      as: me,
      channel,
      // The server makes mrkdwn of the text itself; the block carries what only the page knows, such as bold.
      text: text.trim(),
      ...(text.trim() === '' ? {} : { blocks: [compose(text, directory)] }),
      ...(threadTs === null ? {} : { threadTs }),
      ...(stored.length > 0 ? { fileIds: stored } : {}),
    };
    setText('');
    setFiles([]);
    void workspace.send(body);
  }

  return { text, setText, files, attach, detach, canSend, send, error, dismissError: () => setError(null) };
}

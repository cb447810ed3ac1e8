import type { Api } from '../api.ts';
import type { Cell } from './cell.ts';
import { sentence } from './message-actions.ts';
import { placeChannel } from './reduce.ts';
import type { State } from './state.ts';

const sentences: Readonly<Record<string, string>> = {
  name_taken: 'There is a channel with this name already.',
  invalid_name_required: 'A channel needs a name.',
  invalid_name_maxlength: 'A name has at most 80 characters.',
  invalid_name_specials:
    'A name has the letters a to z, digits, hyphens and underscores, and begins with a letter or a digit.',
  is_archived: 'The channel is archived.',
  cant_archive_general: '#general cannot be archived.',
  already_in_channel: 'They are in this channel already.',
  not_in_channel: 'They are not in this channel any more.',
  already_archived: 'The channel is archived already.',
  not_archived: 'The channel is not archived.',
};

/** What a person does to a channel. The forms get a sentence back; the rest says it in the toast. */
export function createChannelActions({ cell, api }: { cell: Cell<State>; api: Api }) {
  const me = () => cell.get().me;
  const reasonOf = (error: unknown): string => sentences[sentence(error)] ?? sentence(error);
  const say = (error: unknown) => cell.update((state) => ({ ...state, toast: reasonOf(error) }));

  /** Makes a channel and goes there; resolves with what is wrong, or null. */
  async function createChannel(made: { name: string; isPrivate: boolean }): Promise<string | null> {
    try {
      const channel = await api.createChannel({ as: me(), ...made });
      cell.update((state) => placeChannel(state, channel));
      window.location.hash = `#/${channel.id}`;
      return null;
    } catch (error) {
      return reasonOf(error);
    }
  }

  /** Resolves with what is wrong, or null. */
  const renameChannel = (at: { channel: string; name: string }): Promise<string | null> =>
    api.rename({ as: me(), ...at }).then(() => null, reasonOf);
  const invite = (at: { channel: string; user: string }) => api.invite({ as: me(), ...at }).catch(say);
  const removeMember = (at: { channel: string; user: string }) =>
    api.removeMember({ as: me(), ...at }).catch(say);
  const archive = (channel: string) => api.archive({ as: me(), channel }).catch(say);
  const unarchive = (channel: string) => api.unarchive({ as: me(), channel }).catch(say);

  return { createChannel, renameChannel, invite, removeMember, archive, unarchive };
}

import { Archive, Hash, Lock } from 'lucide-react';
import type { Channel } from '../../page-api.ts';

/** The sign before a channel's name. */
export function ChannelIcon({ channel, size }: { channel: Channel; size: number }) {
  if (channel.isArchived) return <Archive size={size} aria-label="archived" />;
  return channel.isPrivate ? <Lock size={size} aria-label="private" /> : <Hash size={size} aria-hidden />;
}

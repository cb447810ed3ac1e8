import { Button, type ButtonProps } from '@mantine/core';
import { useCommandDesk } from './command-desk.tsx';
import { useFocusStays } from './focus-stays.ts';

type CommandButtonProps = ButtonProps & {
  /** What the command's form says. */
  readonly fields: Readonly<Record<string, string>>;
  /** Read to who cannot see beside what the button stands. */
  readonly name?: string;
};

/** Asks for one thing about a session with one press. */
export function CommandButton({ fields, name, ...button }: CommandButtonProps) {
  const { fetcher, action } = useCommandDesk();
  const element = useFocusStays();
  const named = Object.entries(fields);
  const sent = fetcher.formData;
  const isSent = sent !== undefined && named.every(([field, value]) => sent.get(field) === value);
  return (
    <fetcher.Form method="post" action={action}>
      {named.map(([field, value]) => (
        <input key={field} type="hidden" name={field} value={value} />
      ))}
      <Button ref={element} type="submit" size="xs" loading={isSent} aria-label={name} {...button} />
    </fetcher.Form>
  );
}

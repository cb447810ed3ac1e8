import * as Radix from '@radix-ui/react-dropdown-menu';
import type { ReactNode } from 'react';

/** A menu that opens from a button. The trigger is one button element. */
export function Menu(props: {
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'end';
  onOpenChange?: (open: boolean) => void;
}) {
  return (
    <Radix.Root modal={false} {...(props.onOpenChange ? { onOpenChange: props.onOpenChange } : {})}>
      <Radix.Trigger asChild>{props.trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu" align={props.align ?? 'start'} sideOffset={4} collisionPadding={8}>
          {props.children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** One line of a menu. */
export function MenuItem(props: {
  onSelect: () => void;
  children: ReactNode;
  icon?: ReactNode;
  danger?: boolean;
}) {
  return (
    <Radix.Item className={props.danger ? 'menu-item menu-danger' : 'menu-item'} onSelect={props.onSelect}>
      {props.icon}
      <span>{props.children}</span>
    </Radix.Item>
  );
}

/** One line of a menu that can be ticked; the menu stays open. */
export function MenuTick(props: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}) {
  return (
    <Radix.CheckboxItem
      className="menu-item"
      checked={props.checked}
      onCheckedChange={props.onChange}
      onSelect={(event) => event.preventDefault()}
    >
      <span className="menu-tick">{props.checked ? '✓' : ''}</span>
      <span>{props.children}</span>
    </Radix.CheckboxItem>
  );
}

/** One line of a menu of which one is chosen. */
export function MenuChoice(props: { value: string; children: ReactNode }) {
  return (
    <Radix.RadioItem className="menu-item" value={props.value}>
      {props.children}
      <Radix.ItemIndicator className="menu-chosen">✓</Radix.ItemIndicator>
    </Radix.RadioItem>
  );
}

/** The lines of which one is chosen. */
export function MenuChoices(props: {
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
}) {
  return (
    <Radix.RadioGroup value={props.value} onValueChange={props.onChange}>
      {props.children}
    </Radix.RadioGroup>
  );
}

/** A word over a part of a menu. */
export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="menu-label">{children}</Radix.Label>;
}

/** A line between parts of a menu. */
export function MenuLine() {
  return <Radix.Separator className="menu-line" />;
}

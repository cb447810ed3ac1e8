import type {
  ActionsBlockElement,
  ContextActionsBlockElement,
  InputBlockElement,
  SectionBlockAccessory,
} from '@slack/types';
import { BlockImage } from '../blocks/image.tsx';
import { ButtonElement, FeedbackElement, IconButtonElement } from './buttons.tsx';
import { CheckboxesElement, OverflowElement, RadioElement } from './choices.tsx';
import { FileElement } from './file-input.tsx';
import {
  DateElement,
  DateTimeElement,
  RichTextInputElement,
  TextInputElement,
  TimeElement,
} from './inputs.tsx';
import { MultiSelectElement, SelectElement } from './selects.tsx';

type AnyElement =
  | ActionsBlockElement
  | ContextActionsBlockElement
  | InputBlockElement
  | SectionBlockAccessory;

/** One element of a block. `tells`: each change goes to the app at once, as everywhere but in a modal's inputs. */
export function BlockElement(props: {
  element: AnyElement;
  blockId: string;
  tells: boolean;
  id?: string;
  label?: string;
}) {
  const { element, ...rest } = props;
  switch (element.type) {
    case 'button':
      return <ButtonElement element={element} {...rest} />;
    case 'icon_button':
      return <IconButtonElement element={element} {...rest} />;
    case 'feedback_buttons':
      return <FeedbackElement element={element} {...rest} />;
    case 'overflow':
      return <OverflowElement element={element} {...rest} />;
    case 'checkboxes':
      return <CheckboxesElement element={element} {...rest} />;
    case 'radio_buttons':
      return <RadioElement element={element} {...rest} />;
    case 'static_select':
    case 'external_select':
    case 'users_select':
    case 'channels_select':
    case 'conversations_select':
      return <SelectElement element={element} {...rest} />;
    case 'multi_static_select':
    case 'multi_external_select':
    case 'multi_users_select':
    case 'multi_channels_select':
    case 'multi_conversations_select':
      return <MultiSelectElement element={element} {...rest} />;
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return <TextInputElement element={element} {...rest} />;
    case 'rich_text_input':
      return <RichTextInputElement element={element} {...rest} />;
    case 'datepicker':
      return <DateElement element={element} {...rest} />;
    case 'timepicker':
      return <TimeElement element={element} {...rest} />;
    case 'datetimepicker':
      return <DateTimeElement element={element} {...rest} />;
    case 'file_input':
      return <FileElement element={element} {...rest} />;
    case 'image':
      return <BlockImage image={element} className="accessory-image" />;
    case 'workflow_button':
      return <span className="unsupported">Workflow buttons are not supported here</span>;
  }
}

import { nameToEmoji } from 'gemoji';

// Names that Slack has and the emoji list has not, or has under another word.
const slackNames: Record<string, string> = {
  octagonal_sign: '🛑',
  large_brown_circle: '🟤',
  large_blue_square: '🟦',
  large_purple_square: '🟪',
  black_circle_for_record: '⏺️',
  spiral_calendar_pad: '🗓️',
  rain_cloud: '🌧️',
  medal: '🎖️',
  first_place_medal: '🥇',
  second_place_medal: '🥈',
  third_place_medal: '🥉',
  sports_medal: '🏅',
  satellite_antenna: '📡',
  unicorn_face: '🦄',
  heavy_heart_exclamation_mark_ornament: '❣️',
  white_frowning_face: '☹️',
  rolling_on_the_floor_laughing: '🤣',
  'star-struck': '🤩',
  face_with_hand_over_mouth: '🤭',
  face_with_raised_eyebrow: '🤨',
  face_with_monocle: '🧐',
  face_with_symbols_on_mouth: '🤬',
  the_horns: '🤘',
  'man-shrugging': '🤷‍♂️',
  'woman-shrugging': '🤷‍♀️',
  'man-facepalming': '🤦‍♂️',
  'woman-facepalming': '🤦‍♀️',
  face_palm: '🤦',
  'male-technologist': '👨‍💻',
  'female-technologist': '👩‍💻',
  'male-detective': '🕵️‍♂️',
  'flag-us': '🇺🇸',
  'flag-gb': '🇬🇧',
  'flag-de': '🇩🇪',
  'flag-fr': '🇫🇷',
  'flag-es': '🇪🇸',
  robot_face: '🤖',
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
  large_orange_circle: '🟠',
  large_purple_circle: '🟣',
  large_red_square: '🟥',
  large_green_square: '🟩',
  large_yellow_square: '🟨',
  large_orange_square: '🟧',
  face_with_rolling_eyes: '🙄',
  slightly_smiling_face: '🙂',
  upside_down_face: '🙃',
  hugging_face: '🤗',
  thinking_face: '🤔',
  simple_smile: '🙂',
  knife_fork_plate: '🍽️',
  double_vertical_bar: '⏸️',
  black_square_for_stop: '⏹️',
  ladybug: '🐞',
  lower_left_fountain_pen: '🖋️',
  spiral_note_pad: '🗒️',
  speech_balloon: '💬',
  waving_black_flag: '🏴',
  heavy_check_mark: '✔️',
  admission_tickets: '🎟️',
  tent: '⛺',
};

/** The emojis of the small picker, by Slack name. */
export const pickerEmoji = [
  'white_check_mark',
  'eyes',
  'octagonal_sign',
  '+1',
  '-1',
  'tada',
  'heart',
  'raised_hands',
  'rocket',
  'thinking_face',
  'joy',
  'pray',
  'fire',
  'bug',
  'wrench',
  'hourglass_flowing_sand',
  'warning',
  'x',
] as const;

const skinTones = ['', '🏻', '🏼', '🏽', '🏾', '🏿'];

/** The character for a name without colons (`eyes`, `+1::skin-tone-3`), or null when there is none. */
export function emojiOf(name: string): string | null {
  const [base = '', tone] = name.split('::');
  const found = lookUp(base);
  if (found === null) return null;
  const skin = /^skin-tone-([2-6])$/.exec(tone ?? '')?.[1];
  return skin === undefined ? found : found + (skinTones[Number(skin) - 1] ?? '');
}

function lookUp(name: string): string | null {
  if (Object.hasOwn(slackNames, name)) return slackNames[name] ?? null;
  return Object.hasOwn(nameToEmoji, name) ? (nameToEmoji[name] ?? null) : null;
}

/** Names that begin with what was typed, shortest first. */
export function emojiNamesLike(typed: string, limit: number): string[] {
  const names = [...Object.keys(nameToEmoji), ...Object.keys(slackNames)];
  const found = [...new Set(names)].filter((name) => name.startsWith(typed));
  return found.sort((a, b) => a.length - b.length || a.localeCompare(b)).slice(0, limit);
}

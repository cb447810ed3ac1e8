import { Alert, Button, Chip, Group, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useFetcher } from '@remix-run/react';
import { IconHelpCircleFilled, IconShieldQuestion } from '@tabler/icons-react';
import { useState } from 'react';
import type { CommandResult } from '../server/session-command.server.ts';
import type { ApprovalItem, QuestionItem } from '../timeline/items.ts';
import { actorName } from '../words.ts';
import { useAwake } from './awake.ts';
import styles from './question-row.module.css';
import { ClockTime } from './time.tsx';

export function QuestionRow({
  item,
  sessionId,
}: {
  readonly item: QuestionItem;
  readonly sessionId: string;
}) {
  const { answer } = item;
  return (
    <Paper withBorder radius="lg" p="md" className={styles['question'] ?? ''} data-state={answer.state}>
      <Group gap={8} mb="sm">
        <IconHelpCircleFilled size={18} className={styles['icon'] ?? ''} />
        <Text fw={650}>{answer.state === 'open' ? 'The agent asks' : 'The agent asked'}</Text>
      </Group>
      {answer.state === 'open' ? <AnswerForm item={item} sessionId={sessionId} /> : <Answered item={item} />}
    </Paper>
  );
}

function Answered({ item }: { readonly item: QuestionItem }) {
  const { answer } = item;
  return (
    <Stack gap="xs">
      {item.questions.map((question, index) => (
        <div key={question.text}>
          <Text size="sm">{question.text}</Text>
          {answer.state === 'answered' && (
            <Text size="sm" fw={600}>
              {answer.answers[index]?.join(', ') || 'no answer'}
            </Text>
          )}
        </div>
      ))}
      <Text size="xs" c="dimmed">
        {answer.state === 'answered'
          ? `answered by ${actorName(answer.by)}`
          : 'Nobody answered; the agent went on by itself.'}
      </Text>
    </Stack>
  );
}

function AnswerForm({ item, sessionId }: { readonly item: QuestionItem; readonly sessionId: string }) {
  const fetcher = useFetcher<CommandResult>();
  const [answers, setAnswers] = useState<readonly (readonly string[])[]>(() => item.questions.map(() => []));
  const complete = answers.every((answer) => answer.some((one) => one.trim() !== ''));
  return (
    <fetcher.Form method="post" action={`/sessions/${sessionId}`}>
      <input type="hidden" name="intent" value="answer" />
      <input type="hidden" name="questionId" value={item.questionId} />
      <input type="hidden" name="answers" value={JSON.stringify(answers)} />
      <Stack gap="md">
        {item.questions.map((question, index) => (
          <OneQuestion
            key={question.text}
            question={question}
            answer={answers[index] ?? []}
            onAnswer={(answer) => setAnswers(answers.map((old, at) => (at === index ? answer : old)))}
          />
        ))}
        {fetcher.data?.done === false && <Alert color="red">{fetcher.data.problem}</Alert>}
        <Group justify="space-between">
          <Text size="xs" c="dimmed">
            Without an answer the agent goes on by itself at <ClockTime at={item.expiresAt} />
          </Text>
          <Button type="submit" size="xs" disabled={!complete} loading={fetcher.state !== 'idle'}>
            Answer
          </Button>
        </Group>
      </Stack>
    </fetcher.Form>
  );
}

type OneQuestionProps = {
  readonly question: QuestionItem['questions'][number];
  readonly answer: readonly string[];
  readonly onAnswer: (answer: readonly string[]) => void;
};

function OneQuestion({ question, answer, onAnswer }: OneQuestionProps) {
  const labels = question.options.map((option) => option.label);
  // What is chosen before the page has woken up would be lost.
  const asleep = !useAwake();
  const own = answer.find((one) => !labels.includes(one)) ?? '';
  const chosen = answer.filter((one) => labels.includes(one));
  const chips = question.options.map((option) => (
    <Chip key={option.label} value={option.label} title={option.description} size="sm" disabled={asleep}>
      {option.label}
    </Chip>
  ));
  return (
    <div>
      <Text size="sm" mb={8}>
        {question.text}
      </Text>
      <Group gap="xs" mb={8}>
        {question.multiple ? (
          <Chip.Group multiple value={chosen} onChange={onAnswer}>
            {chips}
          </Chip.Group>
        ) : (
          <Chip.Group value={chosen[0] ?? null} onChange={(value) => onAnswer([value].flat())}>
            {chips}
          </Chip.Group>
        )}
      </Group>
      <TextInput
        size="xs"
        placeholder="Or in your own words"
        aria-label={`Your own answer to: ${question.text}`}
        value={own}
        disabled={asleep}
        maxLength={3000}
        onChange={({ currentTarget: { value } }) => {
          const kept = question.multiple ? chosen : [];
          onAnswer(value === '' ? kept : [...kept, value]);
        }}
      />
    </div>
  );
}

const DECISIONS = {
  open: 'waits for a decision in Slack',
  granted: 'granted',
  denied: 'denied',
  expired: 'expired',
} as const;

export function ApprovalRow({ item }: { readonly item: ApprovalItem }) {
  const { state, by } = item.decision;
  return (
    <Paper withBorder radius="lg" p="md" className={styles['question'] ?? ''} data-state={state}>
      <Group gap={8}>
        <IconShieldQuestion size={18} className={styles['icon'] ?? ''} />
        <Text fw={650}>{item.action}</Text>
      </Group>
      <pre className={styles['subject']}>{item.subject}</pre>
      <Text size="xs" c="dimmed">
        {DECISIONS[state]}
        {by && state !== 'expired' && ` by ${actorName(by)}`}
      </Text>
    </Paper>
  );
}

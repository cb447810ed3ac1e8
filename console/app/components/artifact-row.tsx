import { Modal, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDownload, IconFileDiff, IconFileText } from '@tabler/icons-react';
import type { FactOf } from 'orchestrator/domain';
import { fileSize } from '../words.ts';
import styles from './artifact-row.module.css';
import { useAwake } from './awake.ts';

type Artifact = FactOf<'artifact.added'>;

export function ArtifactRow({ artifact }: { readonly artifact: Artifact }) {
  const isPicture = artifact.kind === 'screenshot' && artifact.mime.startsWith('image/');
  return isPicture ? <Picture artifact={artifact} /> : <File artifact={artifact} />;
}

function Picture({ artifact }: { readonly artifact: Artifact }) {
  const [opened, { open, close }] = useDisclosure(false);
  // A press before the page has woken up would be lost.
  const asleep = !useAwake();
  const source = `/artifacts/${artifact.artifactId}`;
  return (
    <figure className={styles['figure']}>
      <UnstyledButton
        onClick={open}
        disabled={asleep}
        className={styles['thumbnail'] ?? ''}
        aria-label={`Show ${artifact.name} large`}
      >
        <img src={source} alt={`Screenshot ${artifact.name}`} loading="lazy" />
      </UnstyledButton>
      <figcaption>{artifact.name}</figcaption>
      <Modal opened={opened} onClose={close} title={artifact.name} size="auto" centered>
        <img src={source} alt={`Screenshot ${artifact.name}`} className={styles['large']} />
      </Modal>
    </figure>
  );
}

function File({ artifact }: { readonly artifact: Artifact }) {
  const Icon = artifact.kind === 'patch' ? IconFileDiff : IconFileText;
  return (
    <a className={styles['file']} href={`/artifacts/${artifact.artifactId}`} download={artifact.name}>
      <Icon size={17} stroke={1.7} />
      <span>{artifact.name}</span>
      <Text span size="xs" c="dimmed">
        {fileSize(artifact.size)}
      </Text>
      <IconDownload size={15} />
    </a>
  );
}

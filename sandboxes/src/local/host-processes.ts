import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export type HostProcess = {
  readonly pid: number;
  readonly parentPid: number;
  /** The program and its arguments, for people. */
  readonly command: string;
  /** `NAME=value` pairs, each with a zero byte on both sides. */
  readonly environment: string;
};

/** Linux shows every process in /proc; elsewhere `ps` is asked, which cannot show the environment of protected programs. */
export const hasProcFs = existsSync('/proc/self/environ');

/** All processes of this machine that live; zombies are left out. */
export function listHostProcesses(): readonly HostProcess[] {
  return hasProcFs ? listFromProcFs() : listFromPs();
}

/** When a process was started, in the system's own notation; null when there is no such process. Tells a process from a later one with the same id. */
export function processStartTime(pid: number): string | null {
  if (!hasProcFs) return startTimeFromPs(pid);
  // Field 22 of stat(5), counted after the name, which may itself hold spaces and parentheses.
  return statFields(pid)?.[19] ?? null;
}

function listFromProcFs(): HostProcess[] {
  const processes: HostProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const stat = statFields(pid);
    if (!stat || stat[0] === 'Z' || stat[0] === 'X') continue;
    processes.push({
      pid,
      parentPid: Number(stat[1]),
      command: (readProc(pid, 'cmdline') ?? '').replaceAll('\0', ' ').trim(),
      environment: `\0${readProc(pid, 'environ') ?? ''}\0`,
    });
  }
  return processes;
}

function statFields(pid: number): readonly string[] | null {
  const stat = readProc(pid, 'stat');
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? null;
}

function readProc(pid: number, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // It ended while we looked, or it belongs to somebody else: in both cases it is none of ours.
    return null;
  }
}

function listFromPs(): HostProcess[] {
  const table = execFileSync('ps', ['-axEww', '-o', 'pid=,ppid=,stat=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return table.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line);
    if (!match || match[3]?.startsWith('Z')) return [];
    const command = match[4] ?? '';
    return [
      {
        pid: Number(match[1]),
        parentPid: Number(match[2]),
        command,
        environment: `\0${command.replaceAll(' ', '\0')}\0`,
      },
    ];
  });
}

function startTimeFromPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    // ps exits with 1 when there is no such process.
    return null;
  }
}

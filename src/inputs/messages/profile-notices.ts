import type { ProfileNotice } from '../../profiles/notice.ts';
import type { PythonProblem } from '../../profiles/python.ts';
import type { Line } from './notices.ts';
import { namely, PROFILES } from './profiles.ts';
import type { Wording } from './wording.ts';

// What a person reads about the profile files, before they are written and after they are removed.

/** Puts a notice into words. */
export function wordProfileNotice(notice: ProfileNotice, words: Wording): Line {
  const isInfo = notice.kind === 'removed' || notice.kind === 'settings-copied';
  return { level: isInfo ? 'info' : 'warning', text: textOf(notice, words) };
}

function textOf(notice: ProfileNotice, words: Wording): string {
  const orTemp = `or set ${words.setting('profiles-location', 'temp')}`;
  switch (notice.kind) {
    case 'owned-by-others':
      return `${notice.path} belongs to another user, who can read or replace the credentials written there. Change its owner, ${orTemp}.`;
    case 'writable-by-others':
      return `${notice.path} is writable by other users, who can read or replace the credentials written there. Remove their permission, ${orTemp}.`;
    case 'unreadable-for-python':
      return `The AWS CLI and boto3 can't read ${notice.path}, so they won't find the profiles written there: ${whyUnreadable(notice.problem)}. Correct the file, ${orTemp}.`;
    case 'settings-copied':
      return `This job's own config file begins with the settings from ${notice.path}. Nothing that gives credentials was copied, so other profiles of that file can't be used in this job.`;
    case 'settings-not-copied':
      return `The settings in ${notice.path} don't apply to this job's own files, because it can't be read: ${notice.error}.`;
    case 'removed':
      return `Removed the ${namely(notice.names)}.`;
    case 'changed': {
      const them = pronounOf(notice.names);
      return `Left the ${namely(notice.names)} in ${notice.path}: something else has changed ${them} since. Remove ${them} by hand when nobody needs ${them}.`;
    }
    case 'not-removed':
      return `The ${namely(notice.names)} couldn't be removed from ${notice.path}. ${messageOf(notice.failure, words)} Remove ${pronounOf(notice.names)} by hand.`;
    case 'temporary-not-removed':
      return `${notice.path} may contain credentials and couldn't be removed. Remove it by hand.`;
  }
}

function pronounOf(names: readonly string[]): string {
  return names.length === 1 ? 'it' : 'them';
}

function messageOf(failure: Extract<ProfileNotice, { kind: 'not-removed' }>['failure'], words: Wording): string {
  return failure.code === 'profile-locked'
    ? PROFILES['profile-locked'].message(failure.facts, words)
    : PROFILES['profile-unwritable'].message(failure.facts, words);
}

function whyUnreadable(problem: PythonProblem): string {
  switch (problem.problem) {
    case 'byte-order-mark':
      return 'it begins with a byte order mark';
    case 'not-utf-8':
      return `line ${problem.line} isn't UTF-8`;
    case 'outside-any-section':
      return `line ${problem.line} comes before any section`;
    case 'no-equals-sign':
      return `line ${problem.line} has no "="`;
    case 'repeated-section':
      return `line ${problem.line} repeats the section [${problem.name}]`;
    case 'repeated-setting':
      return `line ${problem.line} repeats the setting ${problem.name}`;
  }
}

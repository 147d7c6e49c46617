import { readText } from '../syscalls/files.ts';

/**
 * @param uid of this machine
 * @returns the name that /etc/passwd gives it, else the number
 */
export function ownerName(uid: number): string {
  if (uid === 0) return 'root';
  try {
    for (const line of readText('/etc/passwd').split('\n')) {
      const [name, , number] = line.split(':');
      if (number === String(uid) && name !== undefined && name !== '') return name;
    }
  } catch {
    // A machine without the file has users all the same, and the name is for people only.
  }
  return String(uid);
}

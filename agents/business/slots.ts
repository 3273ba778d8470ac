import { dayOf, daysAfter, timeOfDay, today, weekday } from './days.ts';
import type { Appointment, Doctor } from './records.ts';

/**
 * When doctors have time: their hours less what is booked. Free times are kept nowhere, so they never run out and never
 * contradict the appointments. Pure: now is an argument.
 */
export interface Slot {
  /** Names doctor, day and time; also the id of the appointment that takes it, so no two can. */
  id: string;
  doctor: Doctor;
  day: string;
  time: string;
}

/** Nobody is booked further ahead. */
const horizonDays = 60;

export interface Wish {
  /** The first day that suits. */
  from?: string | undefined;
  part?: 'morning' | 'afternoon' | 'any' | undefined;
  /** @default 3 */
  most?: number;
}

/** The next free times, soonest first. */
export function freeSlots(
  doctors: readonly Doctor[],
  taken: readonly Appointment[],
  now: number,
  { from, part = 'any', most = 3 }: Wish = {},
): Slot[] {
  const gone = new Set(taken.filter(({ status }) => status === 'booked').map(each => placeOf(each, now)));
  const first = [from ?? '', today(now)].sort().at(-1) ?? '';
  const last = daysAfter(today(now), horizonDays);
  const found: Slot[] = [];
  for (let day = first; day <= last && found.length < most; day = daysAfter(day, 1)) {
    const ofDay = doctors.flatMap(doctor => slotsOn(doctor, day, now)).filter(({ time }) => suits(time, part));
    found.push(...ofDay.filter(({ id }) => !gone.has(id)).sort(sooner));
  }
  return found.slice(0, most);
}

/** The slot of this id, or undefined where there is none or it is past; whether it is free is another question. */
export function slotOf(id: string, doctors: readonly Doctor[], now: number): Slot | undefined {
  const [, name, day = '', hours, minutes] = /^([a-z][a-z-]*)\.(\d{4}-\d\d-\d\d)\.(\d\d)(\d\d)$/.exec(id) ?? [];
  const doctor = doctors.find(each => each.id === name);
  if (!doctor || Number.isNaN(Date.parse(day)) || day > daysAfter(today(now), horizonDays)) return undefined;
  return slotsOn(doctor, day, now).find(({ time }) => time === `${hours}:${minutes}`);
}

/** The slot an appointment takes. */
export function placeOf({ doctor, day, time }: Appointment, now: number): string {
  return `${doctor}.${dayOf(day, now)}.${time.replace(':', '')}`;
}

function slotsOn(doctor: Doctor, day: string, now: number): Slot[] {
  if (day < today(now) || !doctor.days.includes(weekday(day))) return [];
  const times: string[] = [];
  for (let at = minutesOf(doctor.from); at + doctor.minutes <= minutesOf(doctor.until); at += doctor.minutes)
    times.push(`${padded(Math.floor(at / 60))}:${padded(at % 60)}`);
  return times
    .filter(time => day > today(now) || time > timeOfDay(now))
    .map(time => ({ id: `${doctor.id}.${day}.${time.replace(':', '')}`, doctor, day, time }));
}

const sooner = (a: Slot, b: Slot): number => a.time.localeCompare(b.time) || a.id.localeCompare(b.id);

const suits = (time: string, part: NonNullable<Wish['part']>): boolean =>
  part === 'any' || (part === 'morning') === time < '12:00';

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

const padded = (number: number): string => String(number).padStart(2, '0');

const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3})\d*)?Z$/u;

/**
 * Days from 1970-01-01 to a day of the Gregorian calendar, by Howard Hinnant's `days_from_civil`: years are counted from
 * March, so that a leap day ends them, and the calendar repeats every 400 years, which have 146 097 days.
 */
const daysTo = (year: number, month: number, day: number): number => {
  const early = month <= 2;
  const y = early ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (early ? month + 9 : month - 3) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
};

/** Milliseconds since 1970 of a time as events carry it (ISO 8601, UTC), for code that may not ask what time it is. NaN for anything else. */
export const instantOf = (iso: string): number => {
  const [, year, month, day, hour, minute, second, fraction = ''] = ISO.exec(iso) ?? [];
  if (year === undefined) return Number.NaN;
  const days = daysTo(Number(year), Number(month), Number(day));
  const seconds = ((days * 24 + Number(hour)) * 60 + Number(minute)) * 60 + Number(second);
  return seconds * 1000 + Number(fraction.padEnd(3, '0'));
};

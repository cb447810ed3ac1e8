import pino from 'pino';

export type Logger = pino.Logger;

/**
 * The one root logger of a process. `pretty` is for a person at a terminal; machines read JSON.
 * Fields that could hold a secret are cut out whatever their value is.
 */
export function createLogger(options: {
  readonly service: string;
  readonly level?: string;
  readonly pretty?: boolean;
  readonly file?: string;
}): Logger {
  const settings: pino.LoggerOptions = {
    level: options.level ?? 'info',
    base: { service: options.service },
    redact: {
      paths: [
        'token',
        '*.token',
        'apiKey',
        '*.apiKey',
        'authorization',
        '*.authorization',
        '*.headers.authorization',
      ],
      censor: '[cut]',
    },
  };
  if (options.file) return pino(settings, pino.destination({ dest: options.file, mkdir: true, sync: false }));
  if (!options.pretty) return pino(settings);
  return pino({
    ...settings,
    transport: { target: 'pino-pretty', options: { colorize: true, ignore: 'pid,hostname,service' } },
  });
}

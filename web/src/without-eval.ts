import { z } from 'zod';

// The page may make no code out of text. Schemas decide how they read when they are made, so this is imported first.
z.config({ jitless: true });

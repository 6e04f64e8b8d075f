import { QueryClient } from '@tanstack/react-query'
import { readError } from './errors.ts'

/** Answers about wrong input do not get better by asking again; an unreachable server does. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      retry: (count, error) => readError(error).requestId === 'none' && count < 2,
      refetchOnWindowFocus: true,
    },
  },
})

package dev.gantry.runtime.program;

import java.util.ArrayList;
import java.util.List;

/// What a program does when a call returns an error: the first case that names the errno, else the last resort.
///
/// ```java
/// OnError.FAIL                                            // report step and errno, exit
/// OnError.IGNORE                                          // go on; the result slot holds the negative errno
/// OnError.FAIL.jump(ENOENT, skip).retry(EAGAIN, 128)      // otherwise as above
/// ```
///
/// @param cases tried in order
/// @param otherwise for every other errno
public record OnError(List<Case> cases, Outcome otherwise) {
    /// Report the step and the errno, and exit.
    public static final OnError FAIL = new OnError(List.of(), new Outcome.Fail());
    /// Go on with the next instruction.
    public static final OnError IGNORE = new OnError(List.of(), new Outcome.Continue());
    /// Repeat when a signal interrupts, report everything else.
    public static final OnError RESTART = FAIL.retry(ErrorNumber.EINTR, 1 << 20);

    public OnError {
        cases = List.copyOf(cases);
    }

    /// Jumps on every error.
    public static OnError jump(Label target) {
        return new OnError(List.of(), new Outcome.Go(target));
    }

    /// This policy, but jumping on one errno.
    public OnError jump(ErrorNumber errno, Label target) {
        return with(new Case(errno, new Outcome.Go(target)));
    }

    /// This policy, but going on with the next instruction on one errno.
    public OnError ignore(ErrorNumber errno) {
        return with(new Case(errno, new Outcome.Continue()));
    }

    /// This policy, but repeating the call on one errno; after that many repetitions it is a failure.
    public OnError retry(ErrorNumber errno, int times) {
        return with(new Case(errno, new Outcome.Retry(times)));
    }

    /// Whether any case repeats the call.
    boolean retries() {
        for (Case each : cases) {
            if (each.outcome() instanceof Outcome.Retry) {
                return true;
            }
        }
        return false;
    }

    private OnError with(Case added) {
        var all = new ArrayList<>(cases);
        all.add(added);
        return new OnError(all, otherwise);
    }

    /// What happens on one errno.
    public record Case(ErrorNumber errno, Outcome outcome) {}

    /// Where a program goes after an error.
    public sealed interface Outcome {
        /// Write a failure record and exit.
        record Fail() implements Outcome {}

        /// The next instruction.
        record Continue() implements Outcome {}

        /// A label.
        record Go(Label target) implements Outcome {}

        /// The same call again; the limit counts all repetitions of one execution of the call.
        record Retry(int times) implements Outcome {
            public Retry {
                if (times < 1) {
                    throw new IllegalArgumentException("retries: got " + times + ", want at least 1");
                }
            }
        }
    }
}

package dev.gantry.kernel.seccomp;

import java.util.List;

/// What a filter does.
///
/// An action is one of the kernel's `SECCOMP_RET_…` values with its data, `linux/seccomp.h`.
///
/// @param defaultAction the action for calls that no rule matches
/// @param architectures as [SeccompLibrary#architecture] gives them; the native one is always in the filter, and a
/// call of any other kills the thread
/// @param binaryTree whether the program searches the number of a call instead of comparing it with one after another
public record FilterRules(int defaultAction, List<Integer> architectures, boolean binaryTree, List<Rule> rules) {
    public FilterRules {
        architectures = List.copyOf(architectures);
        rules = List.copyOf(rules);
    }

    /// A rule for one system call, on every architecture that has it.
    ///
    /// @param call the name; one that libseccomp does not know is skipped, since the kernels it knows lack the call
    /// @param comparisons all of them must hold; at most one for each argument
    public record Rule(String call, int action, List<Comparison> comparisons) {
        public Rule {
            comparisons = List.copyOf(comparisons);
        }
    }

    /// A comparison of one argument, unsigned.
    ///
    /// @param value what it is compared with; the mask with [Operator#MASKED_EQUAL]
    /// @param masked what the masked argument must be; zero with the other operators
    public record Comparison(int argument, Operator operator, long value, long masked) {}

    /// How an argument is compared.
    public enum Operator {
        NOT_EQUAL(1),
        LESS(2),
        LESS_OR_EQUAL(3),
        EQUAL(4),
        GREATER_OR_EQUAL(5),
        GREATER(6),
        MASKED_EQUAL(7);

        /// `enum scmp_compare`, `seccomp.h`.
        final int number;

        Operator(int number) {
            this.number = number;
        }
    }
}

package dev.gantry.engine.check;

/// Something that does not agree with something else.
///
/// @param subject an ID, a path, a digest
record Finding(Kind kind, String subject, String problem, Remedy remedy) {
    static Finding mendable(Kind kind, Object subject, String problem, String repair, Remedy.Step step) {
        return new Finding(kind, subject.toString(), problem, new Remedy.Mend(repair, step));
    }

    static Finding advised(Kind kind, Object subject, String problem, String advice) {
        return new Finding(kind, subject.toString(), problem, new Remedy.Advice(advice));
    }

    /// Whether another look has found the same.
    boolean isSameAs(Finding other) {
        return kind == other.kind && subject.equals(other.subject) && problem.equals(other.problem);
    }
}

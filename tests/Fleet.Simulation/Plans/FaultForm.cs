using System.Collections.Immutable;
using System.Reflection;
using Fleet.Simulation.Faults;

namespace Fleet.Simulation.Plans;

/// <summary>One thing that a fault is made with, beside its moment.</summary>
public sealed record FaultPart(string Name, Type Type, object? Value, bool IsDefault);

/// <summary>Faults taken apart and put together again, whatever their kind: each is what its constructor takes.</summary>
public static class FaultForm
{
    /// <summary>All kinds of fault there are, by name.</summary>
    public static IReadOnlyDictionary<string, Type> Kinds { get; } =
        typeof(Fault).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Fault)) && !t.IsAbstract)
            .ToImmutableSortedDictionary(PlainValue.NameOf, t => t, StringComparer.Ordinal);

    public static IEnumerable<FaultPart> Parts(Fault fault) =>
        from parameter in Parameters(fault.GetType())
        let value = fault.GetType().GetProperty(parameter.Name!)!.GetValue(fault)
        select new FaultPart(parameter.Name!, parameter.ParameterType, value, Equals(value, Default(parameter)) && MayBeLeftOut(parameter));

    /// <summary>The same fault with other parts, or at another moment.</summary>
    public static Fault With(Fault fault, TimeSpan at, Func<FaultPart, object?> value)
    {
        var parts = Parts(fault).ToDictionary(p => p.Name, value, StringComparer.Ordinal);
        return Make(fault.GetType(), at, parameter => parts[parameter.Name!]);
    }

    /// <param name="value">The value of a parameter.</param>
    public static Fault Make(Type type, TimeSpan at, Func<ParameterInfo, object?> value)
    {
        var constructor = Constructor(type);
        return (Fault)constructor.Invoke([.. constructor.GetParameters().Select(p => p.Name == nameof(Fault.At) ? at : value(p))]);
    }

    public static IEnumerable<ParameterInfo> Parameters(Type type) => Constructor(type).GetParameters().Where(p => p.Name != nameof(Fault.At));

    public static bool MayBeLeftOut(ParameterInfo parameter) => parameter.HasDefaultValue || IsNullable(parameter);

    /// <summary>What stands for a parameter that is left out.</summary>
    public static object? Default(ParameterInfo parameter) => parameter.HasDefaultValue ? parameter.DefaultValue : null;

    private static bool IsNullable(ParameterInfo parameter) =>
        Nullable.GetUnderlyingType(parameter.ParameterType) is not null
        || new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable;

    private static ConstructorInfo Constructor(Type type) =>
        type.GetConstructors().Single(c => c.GetParameters().Any(p => p.Name == nameof(Fault.At)));
}

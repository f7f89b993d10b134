using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Fleet.Testing.Contracts;

/// <summary>A test of a suite that lacks what it needs.</summary>
public sealed class SkippedCase : XunitTestCase
{
    private string _missing = "";

    /// <summary>For the test framework, which reads it back.</summary>
    [Obsolete("For the test framework.")]
    public SkippedCase()
    {
    }

    private SkippedCase(IMessageSink sink, ITestMethod method, string missing)
        : base(sink, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, method) => _missing = missing;

    /// <summary>Null when the method's suite has all that it needs.</summary>
    public static SkippedCase? Of(IMessageSink sink, ITestMethod method) =>
        method.TestClass.Class.ToRuntimeType().GetCustomAttribute<NeedsAttribute>()?.Missing is { } missing
            ? new SkippedCase(sink, method, missing)
            : null;

    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue(nameof(_missing), _missing);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        _missing = data.GetValue<string>(nameof(_missing));
        base.Deserialize(data);
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) => _missing;
}
